import sys

from backup.cli import main

sys.exit(main(sys.argv[1:]))
