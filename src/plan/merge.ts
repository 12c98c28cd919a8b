/**
 * Tells whether two pieces of lowered code are the same: what they compute, not how their parts are called. Equal code
 * is run by one kernel, whatever the names of populations, parameters and locals.
 */
import type { Statement, Value } from '../language/kernel.ts';

/** A text that is equal for equal code. Comments, names of constants and places, and names of locals do not count. */
export class CanonicalCode {
  readonly #locals = new Map<string, number>();
  #text = '';

  get text(): string {
    return this.#text;
  }

  /** Appends anything that must be equal too. */
  note(value: unknown): this {
    this.#text += `${JSON.stringify(value)};`;
    return this;
  }

  statements(list: readonly Statement[]): this {
    for (const statement of list) this.#statement(statement);
    return this;
  }

  value(value: Value | null): this {
    this.#text += `${value === null ? 'null' : this.#valueText(value)};`;
    return this;
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'comment':
        return;
      case 'let': {
        const text = this.#valueText(statement.value);
        this.#locals.set(statement.name, this.#locals.size);
        this.#text += `let ${text};`;
        return;
      }
      case 'set': {
        const { side, index } = statement.place;
        this.#text += `set ${side} ${index} ${this.#valueText(statement.value)};`;
        return;
      }
      case 'add':
        this.#text += `add ${statement.input} ${this.#valueText(statement.value)};`;
        return;
      case 'if':
        this.#text += `if ${statement.rare} ${this.#valueText(statement.condition)}{`;
        this.statements(statement.body);
        this.#text += '}';
    }
  }

  #valueText(value: Value): string {
    const { op, type } = value;
    switch (value.op) {
      case 'get':
        return `get ${type} ${value.place.side} ${value.place.index}`;
      case 'local':
        return `local ${type} ${this.#locals.get(value.name) ?? value.name}`;
      case 'constant':
        return `constant ${value.index}`;
      case 'unary':
        return `${value.operation} ${type}(${this.#valueText(value.a)})`;
      case 'binary':
        return `${value.operation} ${type}(${this.#valueText(value.a)},${this.#valueText(value.b)})`;
      case 'select': {
        const parts = [value.condition, value.a, value.b].map((part) => this.#valueText(part));
        return `select ${type}(${parts.join(',')})`;
      }
      case 'call':
        return `${value.name}(${value.arguments.map((part) => this.#valueText(part)).join(',')})`;
      case 'table': {
        const column = value.column === null ? '' : this.#valueText(value.column);
        return `table ${value.table} ${value.halfSteps}(${column})`;
      }
      case 'gather':
        return `gather ${value.slot}(${this.#valueText(value.index)})`;
      default:
        return `${op} ${JSON.stringify(value)}`;
    }
  }
}
