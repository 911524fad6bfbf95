#!/bin/sh
../cleat
