import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { explain } from "../components/Failure";

interface ChangeOptions<T> {
  /** The lists that are no longer true afterwards. */
  touches: QueryKey;
  onSuccess?: (answer: T) => void;
  /** Says what went wrong itself, where it went wrong. */
  isQuiet?: boolean;
}

/** Changes something on the server; what showed the old state asks again. */
export function useChange<T, Variables = void>(run: (variables: Variables) => Promise<T>, options: ChangeOptions<T>) {
  const client = useQueryClient();
  return useMutation<T, Error, Variables>({
    mutationFn: run,
    onSuccess: async (answer) => {
      options.onSuccess?.(answer);
      await client.cancelQueries({ queryKey: options.touches });
      await client.invalidateQueries({ queryKey: options.touches });
    },
    onError: (error) => {
      if (!options.isQuiet) notifications.show({ message: explain(error), color: "red" });
    },
  });
}
