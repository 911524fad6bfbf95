import torch
import numpy as np


def main():
    print "old"
