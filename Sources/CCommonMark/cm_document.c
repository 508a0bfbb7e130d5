// The walk over a document that cmark-gfm has parsed.
#include "CCommonMark.h"

#include <pthread.h>
#include <stdlib.h>

#include "cmark-gfm/cmark-gfm-extension_api.h"
#include "cmark-gfm/cmark-gfm.h"
#include "cmark-gfm/map.h"
#include "cmark-gfm/node.h"
#include "cmark-gfm/parser.h"
#include "cmark-gfm/table.h"

struct cm_document {
  cmark_node *root;
  cmark_iter *walk;
  bool has_definitions;
};

// The library gives new kinds of parts their numbers once and for all.
static cmark_syntax_extension *tables;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void make_tables(void) { tables = create_table_extension(); }

cm_document *cm_open(const char *text, size_t length) {
  cm_document *document = calloc(1, sizeof *document);
  if (!document) abort();
  pthread_once(&once, make_tables);
  cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension(parser, tables);
  cmark_parser_feed(parser, text, length);
  // Blank lines end the last paragraph, whose definitions are counted then.
  cmark_parser_feed(parser, "\n\n", 2);
  document->has_definitions = parser->refmap->size > 0;
  document->root = cmark_parser_finish(parser);
  cmark_parser_free(parser);
  document->walk = cmark_iter_new(document->root);
  return document;
}

bool cm_has_definitions(const cm_document *document) { return document->has_definitions; }

static cm_kind kind_of(cmark_node *node) {
  cmark_node_type type = cmark_node_get_type(node);
  if (type == CMARK_NODE_TABLE) return CM_TABLE;
  if (type == CMARK_NODE_TABLE_ROW) return CM_TABLE_ROW;
  if (type == CMARK_NODE_TABLE_CELL) return CM_TABLE_CELL;
  switch (type) {
    case CMARK_NODE_DOCUMENT: return CM_DOCUMENT;
    case CMARK_NODE_BLOCK_QUOTE: return CM_QUOTE;
    case CMARK_NODE_LIST: return CM_LIST;
    case CMARK_NODE_ITEM: return CM_ITEM;
    case CMARK_NODE_CODE_BLOCK: return CM_CODE_BLOCK;
    case CMARK_NODE_HTML_BLOCK: return CM_HTML_BLOCK;
    case CMARK_NODE_PARAGRAPH: return CM_PARAGRAPH;
    case CMARK_NODE_HEADING: return CM_HEADING;
    case CMARK_NODE_THEMATIC_BREAK: return CM_BREAK;
    case CMARK_NODE_TEXT: return CM_TEXT;
    case CMARK_NODE_SOFTBREAK: return CM_SOFT_BREAK;
    case CMARK_NODE_LINEBREAK: return CM_HARD_BREAK;
    case CMARK_NODE_CODE: return CM_CODE;
    case CMARK_NODE_HTML_INLINE: return CM_HTML;
    case CMARK_NODE_EMPH: return CM_EMPHASIS;
    case CMARK_NODE_STRONG: return CM_STRONG;
    case CMARK_NODE_LINK: return CM_LINK;
    case CMARK_NODE_IMAGE: return CM_IMAGE;
    default: return CM_OTHER;
  }
}

static const char *or_empty(const char *text) { return text ? text : ""; }

bool cm_next(cm_document *document, cm_part *part) {
  cmark_event_type event = cmark_iter_next(document->walk);
  if (event == CMARK_EVENT_DONE) return false;
  cmark_node *node = cmark_iter_get_node(document->walk);
  cm_kind kind = kind_of(node);
  bool is_code = kind == CM_CODE_BLOCK;
  bool is_list = kind == CM_LIST;
  int length, offset;
  char sign;
  *part = (cm_part){
    .kind = kind,
    .leaves = event == CMARK_EVENT_EXIT,
    .line = cmark_node_get_start_line(node),
    .column = cmark_node_get_start_column(node),
    .end_line = cmark_node_get_end_line(node),
    .text = or_empty(cmark_node_get_literal(node)),
    .info = is_code ? or_empty(cmark_node_get_fence_info(node)) : "",
    .is_fenced = is_code && cmark_node_get_fenced(node, &length, &offset, &sign),
    .level = kind == CM_HEADING ? cmark_node_get_heading_level(node) : 0,
    .is_ordered = is_list && cmark_node_get_list_type(node) == CMARK_ORDERED_LIST,
    .is_tight = is_list && cmark_node_get_list_tight(node),
    .start = is_list ? cmark_node_get_list_start(node) : 0,
  };
  return true;
}

void cm_close(cm_document *document) {
  cmark_iter_free(document->walk);
  cmark_node_free(document->root);
  free(document);
}
