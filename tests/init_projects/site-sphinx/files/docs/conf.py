project = 'docs'
extensions = []
