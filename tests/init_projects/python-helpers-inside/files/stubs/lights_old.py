raise ImportError("it is called lights now")
