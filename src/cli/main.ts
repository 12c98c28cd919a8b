#!/usr/bin/env node
/** The command line's entry: the process's arguments and streams, and nothing else. */
import { main } from './program.ts';
import { processTerminal } from './terminal.ts';

process.exitCode = await main(process.argv.slice(2), processTerminal());
