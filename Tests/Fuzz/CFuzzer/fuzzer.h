/* What libFuzzer offers to a mutator of one's own. */
#include <stddef.h>
#include <stdint.h>

/* Mutates `size` octets in place, growing to `capacity` at most; returns the new size. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);
