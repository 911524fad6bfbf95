project = "Charts"
extensions = ["sphinx.ext.todo"]
html_theme = "furo"
