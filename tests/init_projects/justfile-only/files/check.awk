$1 !~ /^[0-9]+$/ { print "no number: " $0; bad = 1 }
END { exit bad }
