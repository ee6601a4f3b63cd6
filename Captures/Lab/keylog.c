/* Preloaded into a program of OpenSSL: appends its TLS keys to the file that SSLKEYLOGFILE names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>

static void append(const SSL *ssl, const char *line) {
  const char *path = getenv("SSLKEYLOGFILE");
  FILE *file = path ? fopen(path, "a") : NULL;
  (void)ssl;
  if (file != NULL) {
    fprintf(file, "%s\n", line);
    fclose(file);
  }
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method) {
  SSL_CTX *(*made)(const SSL_METHOD *) =
      (SSL_CTX *(*)(const SSL_METHOD *))dlsym(RTLD_NEXT, "SSL_CTX_new");
  SSL_CTX *context = made(method);
  if (context != NULL) {
    SSL_CTX_set_keylog_callback(context, append);
  }
  return context;
}
