"""Several check-ins of a day."""

from voicecoach.content.clinical_state import CheckIn, Sign
from voicecoach.profile.merging import one_a_day


def test_a_slip_can_be_put_right_with_all_that_followed_it() -> None:
    slip = CheckIn(day=60, heaviness=True, bulge=True, leaks=True, leaks_more=True)
    [heard] = one_a_day([slip, CheckIn(day=60, heaviness=False, leaks=False)])
    assert not heard.signs & {Sign.HEAVINESS, Sign.TROUBLE, Sign.LEAKS_MORE}


def test_a_red_flag_stays() -> None:
    [heard] = one_a_day([CheckIn(day=60, red_flag=True), CheckIn(day=60, red_flag=False)])
    assert Sign.RED_FLAG in heard.signs
