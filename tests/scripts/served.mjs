// Lets the tests import the scripts where they lie: the modules that web makes from templates and
// tables come from var/scripts (rendered.py), those that settings decide from beside this file.
import { register } from "node:module";

register("./resolve.mjs", import.meta.url);
