def views(tables):
    return [it for it in tables if it.endswith("_view")]
