import { put } from '@api';
import { useMutation } from '@tanstack/react-query';

export const useChangePassword = () => useMutation({ mutationFn: (form: { current: string; new: string }) => put('/agents/me/password', form) });
