from swell.forecast import highest

print(highest([1.5, 2.25]))
