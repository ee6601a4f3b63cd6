/// Has the processor fetch the cache line around an address that is soon written to. A hint: any
/// address will do, and nothing else happens.
static inline void rdpscope_prefetch(const void *address) { __builtin_prefetch(address, 1); }
