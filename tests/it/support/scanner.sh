#!/bin/sh
# Stands for a virus scanner: knows the EICAR test file only; cannot read what says so.
PATH=/usr/bin:/bin
content=$(tr -d '\000')
case "$content" in
*ILLISIBLE*) exit 2 ;;
*EICAR-STANDARD*) exit 1 ;;
esac
