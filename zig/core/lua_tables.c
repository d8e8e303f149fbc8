/*
 * Lua's tables, with objects hashed by the salt of their block (Heap.zig) instead of their address,
 * and C functions by their number (snapshot/names.zig): what a table's keys are hashed by is the
 * same wherever they lie, so that a restored table has its entries in the order that they had.
 */
#define LUA_CORE

#include "lprefix.h"

#include "lua.h"

#include "lgc.h"
#include "lobject.h"
#include "lstate.h"

#include "lua_internals.h"

static unsigned int object_hash(const GCObject *object) {
  const char *block = (const char *)object;
  if (object->tt == LUA_VTHREAD) block -= LUA_EXTRASPACE;
  return lpw_salt_of(block);
}

/*
 * hashpointer names its argument p where that is a light userdata, f for a C function and o for an
 * object; another name would not compile.
 */
#undef point2uint
#define point2uint(name) LPW_HASH_##name
#define LPW_HASH_p ((unsigned int)(size_t)p)
#define LPW_HASH_f lpw_function_number(f)
#define LPW_HASH_o object_hash(o)

#include "ltable.c"

/* Where the key of an entry would lie if no other had its hash; of a dead one where it did. */
static Node *main_position(const Table *t, Node *node) {
  if (!keyisdead(node)) return mainpositionfromnode(t, node);
  GCObject *object = gcvalueraw(keyval(node));
  TValue key;
  if (object == NULL) return node;
  val_(&key).gc = object;
  settt_(&key, ctb(object->tt));
  return mainpositionTV(t, &key);
}

/* How many comparisons the keys of a table may take: a script can make all of them collide. */
#define COMPARISONS_PER_SLOT 64

static GCObject *key_object(const Node *node) {
  return keyisdead(node) || keyiscollectable(node) ? gckey(node) : NULL;
}

static int same_key(const Node *a, const Node *b) {
  if (keyisdead(a) || keyisdead(b)) return key_object(a) != NULL && key_object(a) == key_object(b);
  TValue key;
  getnodekey(NULL, &key, a);
  return equalkey(&key, b, 0);
}

/*
 * Whether no other entry of the chain has the node's key. A dead key whose object has an entry
 * again forgets it: `next` is to find that entry.
 */
static int is_alone(Node *node, Node *chain, long *comparisons) {
  for (;; chain += gnext(chain)) {
    if ((*comparisons)-- <= 0) return 1;
    if (same_key(node, chain)) {
      if (!keyisdead(node) && !keyisdead(chain)) return 0;
      gckey(keyisdead(chain) ? chain : node) = NULL;
    }
    if (gnext(chain) == 0) return 1;
  }
}

/* Puts an entry into its chain, where it is not its head; 0: there is no such chain. */
static int link_node(Table *t, Node *node, long *comparisons) {
  Node *head = main_position(t, node);
  if (head == node) return 1;
  if (keyisnil(head) || (!keyisdead(head) && mainpositionfromnode(t, head) != head)) return 0;
  if (!is_alone(node, head, comparisons)) return 0;
  gnext(node) = gnext(head) != 0 ? (int)(head + gnext(head) - node) : 0;
  gnext(head) = (int)(node - head);
  return 1;
}

/*
 * The chain of each hash value starts at its main position; a dead key there may still be the head.
 * Then each dead key whose object lives comes into its chain, for a loop may stand there. In the
 * place of what it was there may be another object by now: so it is no matter if it has no chain,
 * and where entries hang on it it stays as it is.
 */
int lpw_link_chains(Table *t, int may_be_crowded) {
  const int size = (int)sizenode(t);
  long comparisons = (long)size * COMPARISONS_PER_SLOT;
  for (int i = 0; i < size; i++) {
    Node *node = gnode(t, i);
    if (keyisnil(node) || keyisdead(node)) continue;
    if (!link_node(t, node, &comparisons)) return 0;
  }
  for (int i = 0; i < size; i++) {
    Node *node = gnode(t, i);
    if (keyisdead(node) && gnext(node) == 0) link_node(t, node, &comparisons);
  }
  return comparisons > 0 || may_be_crowded;
}
