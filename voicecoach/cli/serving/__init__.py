"""What a phone tells ``voicecoach serve``, and the weeks that are made because of it."""
