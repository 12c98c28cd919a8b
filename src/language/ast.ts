/**
 * The two trees of the equation language: what the parser reads (Expression) and what the checker proves
 * (TypedExpression). Types only; no behaviour.
 */
import type { Dimension } from './units.ts';

/** Offsets into the text of one block, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One text the user wrote, with the name that error messages use for it ("eqs", "threshold", "onPre", …). */
export interface SourceBlock {
  readonly name: string;
  readonly text: string;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | 'and' | 'or';
export type UnaryOperator = '-' | '+' | 'not';

/** An expression as parsed: names are not resolved, units are still names. */
export type Expression =
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly integer: boolean;
      readonly span: Span;
    }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly nameSpan: Span;
      readonly arguments: readonly Expression[];
      readonly span: Span;
    };

export type AssignmentOperator = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '//=' | '**=';

/** `target operator value`, one line of a reset or pathway. */
export interface Assignment {
  readonly target: string;
  readonly targetSpan: Span;
  readonly operator: AssignmentOperator;
  readonly value: Expression;
  readonly span: Span;
}

export type Flag =
  | 'unless refractory'
  | 'constant'
  | 'event-driven'
  | 'clock-driven'
  | 'shared'
  | 'constant over dt'
  | 'summed'
  | 'linked'
  | 'slow'
  | 'presynaptic';

/** One line of an `eqs` block. `unit` is the text after the colon. */
export interface Equation {
  readonly kind: 'differential' | 'subexpression' | 'parameter';
  readonly name: string;
  readonly nameSpan: Span;
  readonly expression: Expression | null;
  readonly unit: string;
  readonly unitSpan: Span;
  readonly flags: readonly Flag[];
  /** "(at least 0*mM, at most capacity)": between what first values must be; null where there is no limit. */
  readonly least: Expression | null;
  readonly most: Expression | null;
  readonly span: Span;
}

export type ValueType = 'float' | 'integer' | 'boolean';

/**
 * What a name means after checking.
 * - `variable`: stored per element. `side` says whose: the population's own neurons, the two ends of a synapse, or
 *   the synapse itself. Subexpressions are symbols too; lowering substitutes them.
 * - `parameter`: one value per population, projection or network, known to the host (an entry of `params`).
 * - `special`: t, dt, t_in_timesteps, i, j, N, N_pre, N_post, N_incoming, N_outgoing, lastspike, not_refractory,
 *   lastupdate. `side` as for variables.
 * - `noise`: xi or xi_name.
 * - `local`: created by an assignment to an unknown name.
 */
export type SymbolReference =
  | { readonly role: 'variable'; readonly name: string; readonly side: Side }
  | {
      readonly role: 'parameter';
      readonly name: string;
      readonly scope: 'own' | 'target' | 'network';
    }
  | { readonly role: 'special'; readonly name: string; readonly side: Side }
  | { readonly role: 'noise'; readonly name: string }
  | { readonly role: 'local'; readonly name: string };

export type Side = 'own' | 'pre' | 'post' | 'synapse';

interface Typed {
  readonly type: ValueType;
  readonly dimension: Dimension;
  readonly span: Span;
}

/**
 * An expression after checking: every node has a type and a dimension, units and constants have become numbers in
 * internal units (mV, ms, pA, …), names have become symbols, timed arrays have become `table` nodes.
 */
export type TypedExpression = Typed &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'symbol'; readonly symbol: SymbolReference }
    | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: TypedExpression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: TypedExpression;
        readonly right: TypedExpression;
      }
    | {
        readonly kind: 'call';
        readonly name: FunctionName;
        readonly arguments: readonly TypedExpression[];
      }
    | { readonly kind: 'table'; readonly name: string; readonly column: TypedExpression | null }
  );

/** Functions of language.md §5. `rand`, `randn` and `binomial` draw; the rest are pure. */
export type FunctionName =
  | 'exp'
  | 'log'
  | 'log10'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'arcsin'
  | 'arccos'
  | 'arctan'
  | 'sqrt'
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'sign'
  | 'clip'
  | 'int'
  | 'expm1'
  | 'log1p'
  | 'exprel'
  | 'timestep'
  | 'shift_left'
  | 'shift_right'
  | 'bit_and'
  | 'bit_or'
  | 'mean'
  | 'rand'
  | 'randn'
  | 'binomial';

/** A checked assignment. `target.role` is 'variable' or 'local'. Compound operators are kept as written. */
export interface TypedAssignment {
  readonly target: SymbolReference;
  readonly operator: AssignmentOperator;
  readonly value: TypedExpression;
  readonly span: Span;
}

/** A variable of a population or projection after checking. */
export interface Variable {
  readonly name: string;
  readonly kind: 'differential' | 'subexpression' | 'parameter';
  readonly type: ValueType;
  readonly dimension: Dimension;
  /** The unit as declared, for display ("mV", "volt", "nS"). */
  readonly unit: string;
  readonly flags: readonly Flag[];
  /** Right side: of dx/dt for differential, of the definition for subexpression; null for parameters. */
  readonly expression: TypedExpression | null;
  /** Limits of first values, and of values that are set; null where there are none. */
  readonly least: TypedExpression | null;
  readonly most: TypedExpression | null;
  readonly span: Span;
  /** Line in the block, from 1. */
  readonly line: number;
}

/** A model of one population after checking. */
export interface CheckedPopulation {
  readonly variables: readonly Variable[];
  readonly threshold: TypedExpression | null;
  readonly reset: readonly TypedAssignment[];
  /** What happens in every step, between integration and spike test. */
  readonly onStep: readonly TypedAssignment[];
  /** Time (an expression in seconds) or condition (boolean); null when none is given. */
  readonly refractory: TypedExpression | null;
  /** Noise names in order of first appearance. */
  readonly noise: readonly string[];
  /** Texts, for messages that point into them. Keys: eqs, onStep, threshold, reset, refractory. */
  readonly blocks: Readonly<Record<string, SourceBlock>>;
  readonly warnings: readonly string[];
}

/** A pathway of a projection after checking: the statements run when a spike arrives. */
export interface CheckedPathway {
  readonly name: string;
  readonly trigger: 'pre' | 'post';
  readonly statements: readonly TypedAssignment[];
}

/** A model of one projection after checking. */
export interface CheckedProjection {
  readonly variables: readonly Variable[];
  /** In the order in which they run: pre pathways, then post pathways, each alphabetical. */
  readonly pathways: readonly CheckedPathway[];
  /** Noise names in order of first appearance. */
  readonly noise: readonly string[];
  readonly blocks: Readonly<Record<string, SourceBlock>>;
  readonly warnings: readonly string[];
}
