#include <cstdio>

#include <conform.hpp>

int main() {
    std::printf("%d\n", static_cast<int>(conform::add(1, 2)));
    return 0;
}
