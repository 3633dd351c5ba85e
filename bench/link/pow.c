/* For peers without libm, where `cargo rt0 build` links without it. tokio calls it only for a statistic. */
double pow(double base, double exponent) {
    double power = 1;
    for (; exponent >= 1; exponent--) power *= base;
    return power;
}
