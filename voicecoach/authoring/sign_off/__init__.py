"""A programme -> the page on which a physiotherapist signs it off."""
