project = "Pilot book"
extensions = []
html_theme = "alabaster"
