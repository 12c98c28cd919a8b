/** The part of Python that scripts of networks are written in, as a tree. Types only. */

interface Node {
  readonly line: number;
}

export interface Argument {
  /** null for those by position. */
  readonly name: string | null;
  /** 1 for `*list`, 2 for `**dictionary`. */
  readonly stars: 0 | 1 | 2;
  readonly value: PythonExpression;
}

/** `for targets in items if conditions`. */
export interface Loop {
  readonly target: PythonExpression;
  readonly items: PythonExpression;
  readonly conditions: readonly PythonExpression[];
}

export type PythonExpression = Node &
  (
    | {
        readonly kind: 'number';
        readonly value: number;
        readonly isInteger: boolean;
        readonly text: string;
      }
    | { readonly kind: 'text'; readonly value: string; readonly isFormatted: boolean }
    | { readonly kind: 'constant'; readonly value: boolean | null }
    | { readonly kind: 'name'; readonly name: string }
    | {
        readonly kind: 'list';
        readonly items: readonly PythonExpression[];
        readonly isTuple: boolean;
      }
    | {
        readonly kind: 'dictionary';
        /** Key null: `**dictionary`. */
        readonly entries: readonly (readonly [PythonExpression | null, PythonExpression])[];
      }
    | {
        readonly kind: 'comprehension';
        readonly item: PythonExpression;
        readonly loops: readonly Loop[];
      }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: PythonExpression }
    | {
        readonly kind: 'binary';
        readonly operator: string;
        readonly left: PythonExpression;
        readonly right: PythonExpression;
      }
    | {
        readonly kind: 'choice';
        readonly condition: PythonExpression;
        readonly yes: PythonExpression;
        readonly no: PythonExpression;
      }
    | { readonly kind: 'attribute'; readonly owner: PythonExpression; readonly name: string }
    | {
        readonly kind: 'subscript';
        readonly owner: PythonExpression;
        readonly index: PythonExpression;
      }
    | {
        readonly kind: 'slice';
        readonly from: PythonExpression | null;
        readonly to: PythonExpression | null;
        readonly step: PythonExpression | null;
      }
    | {
        readonly kind: 'call';
        readonly callee: PythonExpression;
        readonly arguments: readonly Argument[];
      }
    /** Something that networks do not need: what it is. */
    | { readonly kind: 'foreign'; readonly what: string }
  );

export type PythonStatement = Node &
  (
    | {
        readonly kind: 'assign';
        readonly targets: readonly PythonExpression[];
        /** "" for "=", else the operator before "=". */
        readonly operator: string;
        readonly value: PythonExpression;
      }
    | { readonly kind: 'expression'; readonly value: PythonExpression }
    | { readonly kind: 'import'; readonly modules: readonly ImportedName[] }
    | {
        readonly kind: 'for';
        readonly target: PythonExpression;
        readonly items: PythonExpression;
        readonly body: readonly PythonStatement[];
      }
    | {
        readonly kind: 'if';
        readonly condition: PythonExpression;
        readonly yes: readonly PythonStatement[];
        readonly no: readonly PythonStatement[];
      }
    /** A statement that is not read, with what it is and the names that it would define. */
    | { readonly kind: 'foreign'; readonly what: string; readonly names: readonly string[] }
    | { readonly kind: 'pass' }
  );

export interface ImportedName {
  readonly module: string;
  /** null for the module itself, "*" for all. */
  readonly name: string | null;
  /** What the script calls it. */
  readonly as: string;
}
