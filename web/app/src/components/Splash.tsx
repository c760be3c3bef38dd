import { Center, Loader } from "@mantine/core";

/** While something that fills the page is on its way. */
export const Splash = () => (
  <Center h="100%" mih={140} aria-busy="true">
    <Loader size="sm" type="dots" />
  </Center>
);
