"""eSpeak NG: the built-in voice."""
