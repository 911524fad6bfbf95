def answer():
    return {"ok": True}
