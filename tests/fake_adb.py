"""Stands for the program adb and a phone behind it, since no phone can be plugged in here.

It answers the same command line; the phone is a folder, and its shell is this computer's. What it
cannot show is how a real phone's tools differ from these. It imports little: a sync calls it often.
"""

import os
import sys

USAGE_ERROR = 2


def main(arguments: list[str]) -> int:
    phone = os.environ["FAKE_ADB_PHONE"]
    states = dict(pair.split("=") for pair in os.environ["FAKE_ADB_STATES"].split(",") if pair)
    match arguments:
        case ["devices"]:
            print("* daemon started successfully\nList of devices attached")
            print("".join(f"{serial}\t{state}\n" for serial, state in states.items()))
            code = 0
        case ["-s", serial, *_] if states.get(serial) != "device" or not os.path.exists(phone):
            print(f"adb: device '{serial}' not found", file=sys.stderr)
            code = 1
        case ["-s", _, "shell", script]:
            os.execl("/bin/sh", "sh", "-c", script.replace("/sdcard", f"{phone}/sdcard"))
        case ["-s", _, "push", source, _] if "FAKE_ADB_FULL" in os.environ:
            print(f"adb: error: failed to copy '{source}': No space left on device")
            code = 1
        case ["-s", _, "push", source, target]:
            with open(source, "rb") as pushed, open(phone + target, "wb") as file:
                file.write(pushed.read())
            print(f"{source}: 1 file pushed")
            code = 0
        case _:
            code = USAGE_ERROR
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
