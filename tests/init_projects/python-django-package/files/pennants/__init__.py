def colour(letter):
    return "blue" if letter == "P" else "white"
