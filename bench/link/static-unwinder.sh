#!/bin/sh
# The peers' linker: cc, with the unwinder inside the library, where `cargo rt0 build` puts it.
for argument; do
    shift
    [ "$argument" = -lgcc_s ] && argument=-lgcc_eh
    set -- "$@" "$argument"
done
exec cc "$@"
