// Short sentences about what a command came to; they leave by themselves, failures stay longer.

export interface Toast {
  id: number;
  text: string;
  hint: string | undefined;
  bad: boolean;
}

const shown = $state<{ list: Toast[] }>({ list: [] });
let next = 0;

export const toasts = {
  get list() {
    return shown.list;
  },
};

export function tell(text: string, bad = false, hint?: string): void {
  const id = next++;
  shown.list = [...shown.list.slice(-3), { id, text, hint, bad }];
  setTimeout(() => dismiss(id), bad ? 10_000 : 5000);
}

export function dismiss(id: number): void {
  shown.list = shown.list.filter((toast) => toast.id !== id);
}
