/// Has the processor fetch the cache line around an address that is soon written to. A hint: any
/// address will do, and nothing else happens.
static inline void rdpscope_prefetch(const void *address) { __builtin_prefetch(address, 1); }

/// Tells the processor that its caller looks again and again at what another core writes.
static inline void rdpscope_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
