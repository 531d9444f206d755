#!/usr/bin/env node
// The command line: which command is called, and how errors reach the terminal.
import { serve } from "./serve.ts";
await serve();
