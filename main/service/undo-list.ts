/** Collects what has to be undone, and undoes it in the opposite order. */
export function undoList() {
  const steps: (() => unknown)[] = [];
  return {
    add: (step: () => unknown) => void steps.push(step),
    async run(failed: (error: unknown) => void) {
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          failed(error);
        }
      }
    },
  };
}

export type UndoList = ReturnType<typeof undoList>;
