"""One file for each step, named by the day it was made."""
