module ultrathink.dev/sandbox/supercronic

go 1.26

tool github.com/aptible/supercronic

require github.com/aptible/supercronic v0.2.48
