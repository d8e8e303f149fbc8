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

static GCObject *key_object(const Node *node) {
  return keyisdead(node) || keyiscollectable(node) ? gckey(node) : NULL;
}

/*
 * Of objects and numbers: one more of another kind in a table harms nobody. The object of the first
 * lives; long strings are one key where their bytes are the same and the second has an entry.
 */
static int same_key(const Node *a, const Node *b, long *comparisons) {
  GCObject *object = key_object(a);
  if (object == NULL) return !keyisdead(a) && keytt(a) == keytt(b) && keyival(a) == keyival(b);
  if (object == key_object(b)) return 1;
  if (object->tt != LUA_VLNGSTR || keytt(b) != ctb(LUA_VLNGSTR)) return 0;
  // Both have come to their chain by their hashes. What those have in common costs what is read.
  if (gco2ts(object)->hash != keystrval(b)->hash) return 0;
  *comparisons -= (long)(gco2ts(object)->u.lnglen / LPW_BYTES_PER_COMPARISON);
  return luaS_eqlngstr(gco2ts(object), keystrval(b));
}

/* The first node of a chain that has the key, or is the node; NULL: none, or too many to tell. */
static Node *find(Node *node, Node *chain, long *comparisons) {
  for (;; chain += gnext(chain)) {
    if ((*comparisons)-- <= 0) return NULL;
    if (chain == node || same_key(node, chain, comparisons)) return chain;
    if (gnext(chain) == 0) return NULL;
  }
}

/* The last node of a chain; NULL where the chain has `other`, or is too long to tell. */
static Node *last_of(Node *chain, const Node *other, long *comparisons) {
  for (; gnext(chain) != 0; chain += gnext(chain)) {
    if (chain == other || (*comparisons)-- <= 0) return NULL;
  }
  return chain == other ? NULL : chain;
}

/*
 * Puts an entry, with what hangs on it, into its chain, where it is not its head; 0: there is no
 * such chain, or it has the key already.
 */
static int link_node(Table *t, Node *node, long *comparisons) {
  Node *head = main_position(t, node);
  if (head == node) return 1;
  if (keyisnil(head) || (!keyisdead(head) && mainpositionfromnode(t, head) != head)) return 0;
  Node *same = find(node, head, comparisons);
  // A dead key whose object has an entry again forgets it: `next` is to find that entry.
  while (same != NULL && keyisdead(same) && !keyisdead(node)) {
    gckey(same) = NULL;
    same = find(node, head, comparisons);
  }
  if (same != NULL) return 0;
  Node *last = last_of(node, head, comparisons);
  if (last == NULL) return 0;
  gnext(last) = gnext(head) != 0 ? (int)(head + gnext(head) - last) : 0;
  gnext(head) = (int)(node - head);
  return 1;
}

/*
 * The chain of each hash value starts at its main position; a dead key there may still be the head.
 * Then each dead key whose object lives comes into its chain, for a loop may stand there. It is no
 * matter if it has none.
 */
int lpw_link_chains(Table *t) {
  const int size = (int)sizenode(t);
  long comparisons = (long)size * LPW_COMPARISONS_PER_SLOT;
  for (int i = 0; i < size; i++) {
    Node *node = gnode(t, i);
    if (keyisnil(node) || keyisdead(node)) continue;
    if (!link_node(t, node, &comparisons)) return 0;
  }
  for (int i = 0; i < size; i++) {
    Node *node = gnode(t, i);
    if (keyisdead(node)) link_node(t, node, &comparisons);
  }
  return 1;
}

/* Whether `next` finds this node when it is given the node's object. */
int lpw_is_found(const Table *t, Node *node, long *comparisons) {
  return find(node, main_position(t, node), comparisons) == node || *comparisons <= 0;
}
