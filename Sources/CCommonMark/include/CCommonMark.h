// Markdown as a walk over its parts: a thin layer over cmark-gfm, the reference implementation of
// CommonMark with tables, whose sources stand unchanged in cmark-gfm/.
#ifndef C_COMMON_MARK_H
#define C_COMMON_MARK_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
  CM_DOCUMENT, CM_QUOTE, CM_LIST, CM_ITEM, CM_CODE_BLOCK, CM_HTML_BLOCK, CM_PARAGRAPH, CM_HEADING,
  CM_BREAK, CM_TABLE, CM_TABLE_ROW, CM_TABLE_CELL,
  CM_TEXT, CM_SOFT_BREAK, CM_HARD_BREAK, CM_CODE, CM_HTML, CM_EMPHASIS, CM_STRONG, CM_LINK, CM_IMAGE,
  CM_OTHER,
} cm_kind;

// A part as the walk comes to it, or (with `leaves`) as it goes away from it. Parts without parts
// are only come to. Lines and columns count from 1, columns in bytes.
typedef struct {
  cm_kind kind;
  bool leaves;
  int line, column, end_line;
  // Of text and code; empty for others. It lives as long as the document.
  const char *text;
  // What stands behind the fence of a code block.
  const char *info;
  bool is_fenced;
  // Of a heading.
  int level;
  // Of a list.
  bool is_ordered, is_tight;
  int start;
} cm_part;

typedef struct cm_document cm_document;

cm_document *cm_open(const char *text, size_t length);
// Whether it defines where links lead; such definitions are no parts.
bool cm_has_definitions(const cm_document *document);
// The next part; false after the last.
bool cm_next(cm_document *document, cm_part *part);
void cm_close(cm_document *document);

#endif
