/// Has the processor fetch the cache line around an address that is soon looked at. A hint: any
/// address will do, and nothing else happens.
static inline void rdpscope_prefetch(const void *address) { __builtin_prefetch(address); }

/// Has the processor take the cache line around an address for itself, as it is soon written to.
///
/// For x86-64 in general the compiler knows no such instruction and would fetch the line as above; every
/// processor of that kind knows it or passes over it.
static inline void rdpscope_prefetch_to_write(const void *address) {
#if defined(__x86_64__)
  __asm__ volatile("prefetchw %0" : : "m"(*(const char *)address));
#else
  __builtin_prefetch(address, 1);
#endif
}

/// Tells the processor that its caller looks again and again at what another core writes.
static inline void rdpscope_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
