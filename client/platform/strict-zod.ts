import { z } from 'zod';

// Imported before any schema is used: the hub's content policy forbids code made from strings.
z.config({ jitless: true });
