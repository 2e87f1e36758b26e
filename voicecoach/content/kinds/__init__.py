"""The kinds of exercise: one module each, with its dose, its numbers and its words."""
