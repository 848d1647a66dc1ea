/*
 * A control plane for bench/fidelity.py whose creates take a given time and nothing else of note.
 *
 * It listens on a free port of 127.0.0.1 and prints it. A line of microseconds on stdin sets how long the next creates
 * take, one number a create and then from the first again, and is answered by "ok". It ends with its stdin.
 *
 * A create's time runs from its last byte read to the write of the whole answer, by an absolute deadline on the
 * monotonic clock. Connections are served one after the other: so come a round's and curl's.
 *
 * Built with -DTLS -lssl -lcrypto it speaks TLS: arguments CERT KEY [CA]; with a CA it demands client certificates.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/ssl.h>

static SSL_CTX *context;
static SSL *session;
#endif

enum { MAX_REQUEST = 1 << 20, MAX_DELAYS = 1000, MAX_LINE = 16 * MAX_DELAYS };

static char request[MAX_REQUEST + 1];
static long delay_us[MAX_DELAYS];
static int delays, next_delay;

/* The plans created, as the listing's JSON elements. */
static char *plans;
static size_t plans_length, plans_room;

static void check(int ok, const char *what) {
  if (!ok) {
    perror(what);
    exit(1);
  }
}

static ssize_t receive(int client, void *into, size_t room) {
#ifdef TLS
  (void)client;
  return SSL_read(session, into, room);
#else
  return read(client, into, room);
#endif
}

static ssize_t transmit(int client, const void *from, size_t length) {
#ifdef TLS
  (void)client;
  return SSL_write(session, from, length);
#else
  return write(client, from, length);
#endif
}

static void read_delays(void) {
  static char line[MAX_LINE];
  if (!fgets(line, sizeof line, stdin)) {
    exit(0);
  }
  delays = next_delay = 0;
  for (char *word = strtok(line, " \n"); word && delays < MAX_DELAYS; word = strtok(NULL, " \n")) {
    delay_us[delays++] = atol(word);
  }
  puts("ok");
  fflush(stdout);
}

/* The whole request with its body; 0 if the client went away before. */
static int read_request(int client) {
  size_t have = 0;
  while (have < MAX_REQUEST) {
    ssize_t count = receive(client, request + have, MAX_REQUEST - have);
    if (count <= 0) {
      return 0;
    }
    have += count;
    request[have] = 0;
    char *head_end = strstr(request, "\r\n\r\n");
    if (head_end) {
      char *length = strcasestr(request, "\r\ncontent-length:");
      size_t body = length && length < head_end ? strtoul(length + strlen("\r\ncontent-length:"), NULL, 10) : 0;
      if (have >= (size_t)(head_end + 4 - request) + body) {
        return 1;
      }
    }
  }
  return 0;
}

/* Waits out the create's time, and keeps its id for the listing before that. */
static void create(void) {
  struct timespec due;
  clock_gettime(CLOCK_MONOTONIC, &due);
  long us = delays ? delay_us[next_delay++ % delays] : 0;
  due.tv_sec += us / 1000000;
  due.tv_nsec += us % 1000000 * 1000;
  if (due.tv_nsec >= 1000000000) {
    due.tv_sec++;
    due.tv_nsec -= 1000000000;
  }
  char id[128] = "";
  char *value = strstr(request, "\"plan_id\"");
  if (value) {
    sscanf(value, "\"plan_id\" : \"%127[^\"]", id);
  }
  if (plans_length + sizeof id + 32 > plans_room) {
    plans_room = 2 * plans_room + 65536;
    plans = realloc(plans, plans_room);
    check(plans != NULL, "realloc");
  }
  plans_length += sprintf(plans + plans_length, "%s{\"plan_id\":\"%s\"}", plans_length ? "," : "", id);
  if (us) {
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
  }
}

static void answer(int client, int code, const char *type, const char *before, const char *middle, size_t length, const char *after) {
  size_t body = strlen(before) + length + strlen(after);
  char *all = malloc(body + 256);
  check(all != NULL, "malloc");
  int head = sprintf(all, "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", code, type, body);
  size_t size = head;
  size += sprintf(all + size, "%s", before);
  memcpy(all + size, middle, length);
  size += length;
  size += sprintf(all + size, "%s", after);
  for (size_t done = 0; done < size;) {
    ssize_t count = transmit(client, all + done, size - done);
    if (count <= 0) {
      break;
    }
    done += count;
  }
  free(all);
}

static int is(const char *start) {
  return !strncmp(request, start, strlen(start));
}

static void serve(int client) {
  const char *json = "application/json";
  if (!read_request(client)) {
    return;
  }
  if (is("POST /v1/rollouts ")) {
    create();
    answer(client, 201, json, "{\"phase\":\"published\"}", "", 0, "");
  } else if (is("GET /v1/health ")) {
    answer(client, 200, json, "{\"status\":\"ok\"}", "", 0, "");
  } else if (is("GET /v1/rollouts/stuck")) {
    answer(client, 200, json, "{\"stuck_plans\":[]}", "", 0, "");
  } else if (is("GET /v1/rollouts")) {
    answer(client, 200, json, "{\"plans\":[", plans_length ? plans : "", plans_length, "],\"next_cursor\":\"\"}");
  } else if (is("GET /metrics ")) {
    answer(client, 200, "text/plain", "cp_http_requests_total 1\ncp_rollout_plans_total 1\n", "", 0, "");
  } else {
    answer(client, 404, json, "{\"error\":\"not found\"}", "", 0, "");
  }
}

#ifdef TLS
static void encrypt(int count, char **files) {
  check(count >= 3, "CERT KEY [CA]");
  context = SSL_CTX_new(TLS_server_method());
  check(context && SSL_CTX_use_certificate_chain_file(context, files[1]) == 1 && SSL_CTX_use_PrivateKey_file(context, files[2], SSL_FILETYPE_PEM) == 1, "certificate");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  if (count > 3) {
    check(SSL_CTX_load_verify_locations(context, files[3], NULL) == 1, "CA");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  }
}
#endif

/* One connection, from its first byte to its last. */
static void attend(int client) {
#ifdef TLS
  session = SSL_new(context);
  SSL_set_fd(session, client);
  if (SSL_accept(session) == 1) {
    serve(client);
    SSL_shutdown(session);
  }
  SSL_free(session);
#else
  serve(client);
#endif
}

int main(int count, char **files) {
#ifdef TLS
  encrypt(count, files);
#else
  (void)count, (void)files;
#endif
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_TIMERSLACK, 1UL); /* else a sleep ends up to 50 us late */
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  check(listener >= 0 && !bind(listener, (struct sockaddr *)&address, size) && !listen(listener, 64), "listen");
  check(!getsockname(listener, (struct sockaddr *)&address, &size), "getsockname");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct pollfd sources[] = {{.fd = 0, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
  while (1) {
    check(poll(sources, 2, -1) > 0, "poll");
    if (sources[0].revents) {
      read_delays();
    }
    if (sources[1].revents) {
      int client = accept(listener, NULL, NULL);
      int on = 1;
      if (client >= 0) {
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        attend(client);
        close(client);
      }
    }
  }
}
