/* Reads the few JSON members that the executable needs itself. For invalid JSON the result is some part of it, or nothing. */
#include "fyr-cni.h"
#include <string.h>

#define BLANKS " \t\r\n"

/* Returns the quote that ends the string starting here, or NULL if there is none. */
static const char *end_of_string(const char *quote) {
    for (const char *at = quote + 1; *at != 0; at++) {
        if (*at == '"') return at;
        if (*at == '\\' && *++at == 0) return NULL;
    }
    return NULL;
}

/* Returns the start of the value of this name if the string from quote to end is that name; otherwise NULL. */
static const char *value_after(const char *quote, const char *end, const char *name) {
    const char *colon = end + 1 + strspn(end + 1, BLANKS);
    size_t length = (size_t)(end - quote - 1);
    if (*colon != ':' || length != strlen(name) || memcmp(quote + 1, name, length) != 0) return NULL;
    return colon + 1 + strspn(colon + 1, BLANKS);
}

const char *member(const char *json, const char *name, size_t *length) {
    const char *value = NULL;
    int depth = 0;
    for (const char *at = json; *at != 0; at++) {
        if (*at == '"') {
            const char *end = end_of_string(at);
            if (end == NULL) return NULL;
            if (depth == 1 && value == NULL) value = value_after(at, end, name), at = value != NULL ? value - 1 : end;
            else at = end;
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']' || *at == ',') {
            if (*at != ',') depth--;
            int closes = value != NULL && depth == 1 && *at != ',';
            if (closes || (value != NULL && depth == (*at == ',' ? 1 : 0))) return *length = (size_t)(at - value) + (size_t)closes, value;
        }
    }
    return NULL;
}
