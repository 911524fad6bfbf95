from watch import newer

print(newer("2", "1"))
