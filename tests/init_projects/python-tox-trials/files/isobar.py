def hectopascal(millibar):
    return millibar
