#ifdef __cplusplus
extern "C" {
#endif

/* Adds. */
int add(int a, int b);

#ifdef __cplusplus
}
#endif
