#!/bin/sh
echo "keel $#"
