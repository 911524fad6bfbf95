require 'mkmf'
create_makefile 'keel/keel'
