"""The voices of the operating system, through pyttsx3."""
